package report

import (
	"fob/scan"
)

// ocsfVersion is the version of the Open Cybersecurity Schema Framework that is written.
const ocsfVersion = "1.8.0"

// The identifiers of OCSF that findings use: https://schema.ocsf.io/1.8.0/classes/compliance_finding.
const (
	ocsfFindings   = 2
	ocsfCompliance = 2003
	ocsfDetection  = 2004
	ocsfAWSAccount = 10
	ocsfRule       = 1
	ocsfOther      = 99
)

type ocsfEvent struct {
	ActivityID   int             `json:"activity_id"`
	ActivityName string          `json:"activity_name"`
	CategoryUID  int             `json:"category_uid"`
	CategoryName string          `json:"category_name"`
	ClassUID     int             `json:"class_uid"`
	ClassName    string          `json:"class_name"`
	TypeUID      int             `json:"type_uid"`
	TypeName     string          `json:"type_name"`
	Time         int64           `json:"time"` // milliseconds since 1970
	SeverityID   int             `json:"severity_id"`
	Severity     string          `json:"severity"`
	StatusID     int             `json:"status_id"`
	Status       string          `json:"status"`
	StatusCode   string          `json:"status_code"`
	StatusDetail string          `json:"status_detail"`
	Message      string          `json:"message"`
	Comment      string          `json:"comment,omitempty"`
	Metadata     ocsfMetadata    `json:"metadata"`
	Cloud        ocsfCloud       `json:"cloud"`
	FindingInfo  ocsfFindingInfo `json:"finding_info"`
	Compliance   *ocsfComplying  `json:"compliance,omitempty"`
	Remediation  ocsfRemediation `json:"remediation"`
	Resources    []ocsfResource  `json:"resources"`
	Unmapped     map[string]any  `json:"unmapped,omitempty"`
}

type ocsfMetadata struct {
	Version   string      `json:"version"`
	Profiles  []string    `json:"profiles"`
	Product   ocsfProduct `json:"product"`
	EventCode string      `json:"event_code"`
	UID       string      `json:"uid"`
}

type ocsfProduct struct {
	Name       string `json:"name"`
	VendorName string `json:"vendor_name"`
	Version    string `json:"version,omitempty"`
}

type ocsfCloud struct {
	Provider string      `json:"provider"`
	Region   string      `json:"region"`
	Account  ocsfAccount `json:"account"`
}

type ocsfAccount struct {
	UID    string `json:"uid"`
	Name   string `json:"name,omitempty"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type ocsfFindingInfo struct {
	UID          string       `json:"uid"`
	Title        string       `json:"title"`
	Desc         string       `json:"desc"`
	Types        []string     `json:"types"`
	LastSeenTime int64        `json:"last_seen_time"`
	Analytic     ocsfAnalytic `json:"analytic"`
}

type ocsfAnalytic struct {
	UID    string `json:"uid"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	TypeID int    `json:"type_id"`
}

type ocsfComplying struct {
	Control      string      `json:"control"`
	Standards    []string    `json:"standards"`
	Requirements []string    `json:"requirements"`
	Status       string      `json:"status"`
	StatusID     int         `json:"status_id"`
	StatusCode   string      `json:"status_code"`
	StatusDetail string      `json:"status_detail"`
	Checks       []ocsfCheck `json:"checks"`
}

type ocsfCheck struct {
	UID       string   `json:"uid"`
	Name      string   `json:"name"`
	Desc      string   `json:"desc,omitempty"`
	Standards []string `json:"standards"`
	Status    string   `json:"status"`
	StatusID  int      `json:"status_id"`
}

type ocsfRemediation struct {
	Desc string `json:"desc"`
}

type ocsfResource struct {
	UID            string    `json:"uid"`
	Type           string    `json:"type"`
	Name           string    `json:"name"`
	Region         string    `json:"region"`
	CloudPartition string    `json:"cloud_partition"`
	Tags           []ocsfTag `json:"tags,omitempty"`
	Data           any       `json:"data,omitempty"`
}

type ocsfTag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// writeOCSF writes an event a line: Compliance Findings, or Detection Findings for
// those who still read these.
func writeOCSF(to Sink, r *Result, o Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	lines, why := newLines(w), map[string]string{}
	for _, c := range r.Summary.Checks {
		why[c.ID] = c.Why
	}
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		event := ocsfOf(f, r.Summary, why[f.Check])
		if o.Detection {
			event.detection(f)
		}
		if err := lines.Encode(event); err != nil {
			return err
		}
	}
	return nil
}

func ocsfOf(f *scan.Finding, s *scan.Summary, why string) *ocsfEvent {
	activity, activityName := ocsfActivity(f)
	status, statusName := ocsfLife(f)
	outcome, outcomeName := ocsfOutcome(f.Status)
	frameworks := standards(f.Refs)
	if frameworks == nil {
		frameworks = []string{"fob"}
	}
	at := f.Observed.UnixMilli()
	event := &ocsfEvent{
		ActivityID: activity, ActivityName: activityName,
		CategoryUID: ocsfFindings, CategoryName: "Findings",
		ClassUID: ocsfCompliance, ClassName: "Compliance Finding",
		TypeUID: ocsfCompliance*100 + activity, TypeName: "Compliance Finding: " + activityName,
		Time: at, SeverityID: int(f.Severity), Severity: ocsfSeverity(f.Severity),
		StatusID: status, Status: statusName, StatusCode: string(f.Status), StatusDetail: f.Message, Message: f.Message,
		Metadata: ocsfMetadata{Version: ocsfVersion, Profiles: []string{"cloud"}, EventCode: f.Check, UID: f.ID,
			Product: ocsfProduct{Name: "fob", VendorName: "fob", Version: s.Tool}},
		Cloud:       ocsfCloud{Provider: "AWS", Region: f.Region, Account: ocsfAccount{UID: f.Account.ID, Name: f.Account.Name, Type: "AWS Account", TypeID: ocsfAWSAccount}},
		FindingInfo: ocsfFindingInfo{UID: f.ID, Title: f.Title, Desc: why, Types: []string{"Configuration"}, LastSeenTime: at, Analytic: ocsfAnalytic{UID: f.Check, Name: f.Title, Type: "Rule", TypeID: ocsfRule}},
		Compliance: &ocsfComplying{Control: f.Check, Standards: frameworks, Requirements: controls(f.Refs), Status: outcomeName, StatusID: outcome, StatusCode: string(f.Status), StatusDetail: f.Message,
			Checks: []ocsfCheck{{UID: f.Check, Name: f.Title, Desc: why, Standards: frameworks, Status: outcomeName, StatusID: outcome}}},
		Remediation: ocsfRemediation{Desc: f.Fix},
		Resources:   []ocsfResource{ocsfResourceOf(f)},
	}
	if f.Exception != nil {
		event.Comment = f.Exception.Reason
	}
	if len(f.Unread) > 0 {
		event.Unmapped = map[string]any{"unread": f.Unread}
	}
	return event
}

// detection makes the event one of class 2004, which has no place for compliance.
func (e *ocsfEvent) detection(f *scan.Finding) {
	e.ClassUID, e.ClassName = ocsfDetection, "Detection Finding"
	e.TypeUID, e.TypeName = ocsfDetection*100+e.ActivityID, "Detection Finding: "+e.ActivityName
	e.Compliance = nil
	if e.Unmapped == nil {
		e.Unmapped = map[string]any{}
	}
	e.Unmapped["check"], e.Unmapped["refs"] = f.Check, f.Refs
}

func ocsfActivity(f *scan.Finding) (int, string) {
	switch f.Diff {
	case scan.DiffFixed:
		return 3, "Close"
	case scan.DiffChanged, scan.DiffSame, scan.DiffUnseen:
		return 2, "Update"
	}
	return 1, "Create"
}

func ocsfLife(f *scan.Finding) (int, string) {
	switch {
	case f.Diff == scan.DiffFixed:
		return 4, "Resolved"
	case f.Exception != nil:
		return 3, "Suppressed"
	}
	return 1, "New"
}

// ocsfOutcome names the outcome of a check. Warning is what OCSF calls a check that
// "did not yield a result due to missing information".
func ocsfOutcome(s scan.Status) (int, string) {
	switch s {
	case scan.StatusPass:
		return 1, "Pass"
	case scan.StatusUnknown:
		return 2, "Warning"
	case scan.StatusFail:
		return 3, "Fail"
	}
	return ocsfOther, string(s)
}

func ocsfSeverity(s scan.Severity) string {
	switch s {
	case scan.Info:
		return "Informational"
	case scan.Low:
		return "Low"
	case scan.Medium:
		return "Medium"
	case scan.High:
		return "High"
	case scan.Critical:
		return "Critical"
	}
	return "Unknown"
}

func ocsfResourceOf(f *scan.Finding) ocsfResource {
	r := ocsfResource{UID: f.Resource.ARN, Type: f.Resource.Type, Name: f.Resource.Name, Region: f.Region, CloudPartition: f.Partition}
	if r.UID == "" {
		r.UID = f.Account.ID + "/" + f.Region + "/" + f.Resource.Type
	}
	for _, name := range sortedKeys(f.Resource.Tags) {
		r.Tags = append(r.Tags, ocsfTag{name, f.Resource.Tags[name]})
	}
	if len(f.Evidence) > 0 {
		r.Data = map[string]any{"evidence": f.Evidence}
	}
	return r
}
