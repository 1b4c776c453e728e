package scan

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// kubernetes is a minor version of Kubernetes 1: 34 is 1.34.
type kubernetes int

const (
	// kubernetesTableMade is the day that kubernetesSupport is as of.
	kubernetesTableMade = "2026-11-22"
	oldestKubernetes    = kubernetes(21) // the first that had extended support
	newestKubernetes    = kubernetes(36)
	// From kubernetesEnveloped on EKS encrypts all that the Kubernetes API stores, with
	// a key of AWS unless there is another.
	kubernetesEnveloped = kubernetes(28)
)

func (k kubernetes) String() string { return fmt.Sprintf("1.%d", int(k)) }

func parseKubernetes(version string) (kubernetes, bool) {
	minor, ok := strings.CutPrefix(version, "1.")
	n, err := strconv.Atoi(minor)
	return kubernetes(n), ok && err == nil && n >= 0
}

// support is how long EKS supports a version: up to the beginning of those days, UTC.
type support struct{ standard, extended time.Time }

// kubernetesSupport is the release calendar of the EKS user guide
// (kubernetes-versions.html). For a version newer than all it knows the newest stands in,
// since no version's support ends before that of an older one.
func kubernetesSupport(v kubernetes) (s support, known bool) {
	day := func(year int, month time.Month, d int) time.Time {
		return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
	}
	year := func(y int, m time.Month, d int) support { return support{day(y, m, d), day(y+1, m, d)} }
	switch v {
	case 21:
		s = support{day(2023, 2, 16), day(2024, 7, 15)}
	case 22:
		s = support{day(2023, 6, 4), day(2024, 9, 1)}
	case 23:
		s = year(2023, 10, 11)
	case 24:
		s = year(2024, 1, 31)
	case 25:
		s = year(2024, 5, 1)
	case 26:
		s = year(2024, 6, 11)
	case 27:
		s = year(2024, 7, 24)
	case 28:
		s = year(2024, 11, 26)
	case 29:
		s = year(2025, 3, 23)
	case 30:
		s = year(2025, 7, 23)
	case 31:
		s = year(2025, 11, 26)
	case 32:
		s = year(2026, 3, 23)
	case 33:
		s = year(2026, 7, 29)
	case 34:
		s = year(2026, 12, 2)
	case 35:
		s = year(2027, 3, 27)
	default:
		s = year(2027, 8, 2)
	}
	return s, v >= oldestKubernetes && v <= newestKubernetes
}
