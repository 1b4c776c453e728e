// Package e2e holds tests only: fob's built binary with real parts around it.
// Real processes that are killed, real consumers (AWS CLI, boto3, the SDKs for
// JavaScript and Go), a real gnome-keyring, real shells, full and read-only disks;
// only AWS itself is package awsfake, on loopback.
//
// What a test needs and does not find makes it skip; with FOB_TEST_NO_SKIP set it
// fails instead. Where to find things:
//
//	FOB_TEST_PYTHON        a Python with boto3; else python3 of PATH
//	FOB_TEST_NODE_MODULES  a folder with @aws-sdk/credential-provider-node and
//	                       @aws-sdk/client-sts; else node_modules beside the tests
//	FOB_TEST_LONG          1,000 kills instead of 200
//
// The folder gosdk is a module of its own, so that the SDK's configuration loader
// stays out of fob's.
package e2e
