// Package awsfile reads the two files that every AWS tool shares,
// ~/.aws/config and ~/.aws/credentials.
//
// [Locate] says where they are, [Read] reads each of them once and notes where
// the sections begin, and nothing more: a lookup ([Files.Profile],
// [Files.SSOSession], [Files.Services]) parses the sections it is asked for, so
// that ten thousand profiles cost about as much as ten.
//
// The grammar is that of the AWS SDKs, as their shared parser tests define it.
// Forms that editors and other tools leave behind (a byte order mark, indented
// keys, "key: value", quoted key material) are read too, each with a [Warning];
// the strict reading of [Files.Dump] takes none of them. What the AWS CLI reads
// differently, because it uses Python's configparser, is a warning as well.
//
// A line that cannot be read is an error only in a section that is asked for,
// see [SyntaxError]; elsewhere it is what [Files.Broken] and [Files.Lint] report.
//
// No message of this package quotes the text of a line: it may hold a secret.
package awsfile
