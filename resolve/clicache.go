package resolve

import (
	"os"
	"path/filepath"

	"fob/internal/atomicfile"
)

// readCache reads a file of the AWS CLI's caches. One that is not there is an
// fs.ErrNotExist. The folder is not ours to judge: many systems make it
// writable for the user's own group. The file is refused unless it is ours alone
// to write.
func readCache(path string, limit int64) ([]byte, error) {
	dir, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }()
	return atomicfile.Read(dir, filepath.Base(path), limit)
}

// writeCache replaces a file of the AWS CLI's caches, wholly or not at all.
func writeCache(path string, content []byte) error {
	dir, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	return atomicfile.Write(dir, filepath.Base(path), content)
}
