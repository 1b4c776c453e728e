package scan

import "time"

func trailChecks() []Check {
	const service, typ = "cloudtrail", "AWS::CloudTrail::Trail"
	status := []string{"Status"}
	return []Check{
		Each(trails, Check{
			ID: "cloudtrail-stopped", Title: "Trail exists but logging is off", Severity: High, Service: service, Type: typ,
			Why:   "Nothing that happens now is recorded, while everybody believes that it is; stopping a trail is what an intruder does first.",
			Fix:   "Find out from the event history who called StopLogging, and start logging again (aws cloudtrail start-logging); delete trails that nobody needs.",
			Refs:  []string{"scoutsuite:cloudtrail-no-logging"},
			Reads: status,
		}, ownTrail(trailStopped)),
		Each(trails, Check{
			ID: "cloudtrail-log-validation", Title: "Log file validation off", Severity: Medium, Service: service, Type: typ,
			Why:  "Whoever can write to the bucket can change or remove log files, and nobody can prove it.",
			Fix:  "Enable log file validation for the trail (aws cloudtrail update-trail --enable-log-file-validation).",
			Refs: []string{"cis-1.2:2.2", "cis-3.0:3.2", "cis-5.0:3.2", "cis-7.0:4.2", "fsbp:CloudTrail.4", "scoutsuite:cloudtrail-no-log-file-validation"},
		}, ownTrail(trailValidation)),
		Each(trails, Check{
			ID: "cloudtrail-kms", Title: "Trail not encrypted with a customer key", Severity: Low, Service: service, Type: typ,
			Why:  "Whoever may read the bucket may read the log: there is no key whose policy could keep anybody out.",
			Fix:  "Set a KMS key for the trail that CloudTrail may use and only those who read the log may decrypt with.",
			Refs: []string{"cis-1.2:2.7", "cis-3.0:3.5", "cis-5.0:3.5", "cis-7.0:4.5", "fsbp:CloudTrail.2", "scoutsuite:cloudtrail-no-encryption-with-kms"},
		}, ownTrail(trailKey)),
		Each(trails, Check{
			ID: "cloudtrail-cloudwatch", Title: "Trail not sent to CloudWatch Logs recently", Severity: Low, Service: service, Type: typ,
			Why:   "No alarm can be raised on what is done in the account while it is being done.",
			Fix:   "Send the trail to a log group, with a role that may write to it; where that is set, look at LatestCloudWatchLogsDeliveryError.",
			Refs:  []string{"cis-1.2:2.4", "fsbp:CloudTrail.5", "scoutsuite:cloudtrail-no-cloudwatch-integration"},
			Reads: status,
		}, ownTrail(trailLogGroup)),
		Each(trails, Check{
			ID: "cloudtrail-delivery-failing", Title: "Trail cannot deliver to its bucket", Severity: High, Service: service, Type: typ,
			Why:   "The trail counts as logging, and its events are lost.",
			Fix:   "Mend the bucket, its policy or the policy of the key, so that CloudTrail may write, and see that LatestDeliveryTime moves on.",
			Reads: status,
		}, ownTrail(trailDelivery)),
	}
}

// ownTrail asks only of trails of the account itself: nobody else could mend them.
func ownTrail(ask func(*Trail, *Params) Verdict) func(*Trail, *Params) Verdict {
	return func(t *Trail, p *Params) Verdict {
		if owner := t.owner(); owner != p.Account {
			return NotApplicable("the trail belongs to account %s, and is judged there", owner)
		}
		return ask(t, p)
	}
}

func trailStopped(t *Trail, _ *Params) Verdict {
	s, err := t.status()
	switch {
	case err != nil:
		return Unknown(err)
	case s.IsLogging:
		return Pass("the trail is logging")
	}
	return Fail("the trail is not logging").At("Status.IsLogging", false)
}

func trailValidation(t *Trail, _ *Params) Verdict {
	switch {
	case t.LogFileValidationEnabled == nil:
		return Unknown(t.leftOut("LogFileValidationEnabled"))
	case *t.LogFileValidationEnabled:
		return Pass("log files are validated")
	}
	return Fail("log files are not validated").At("LogFileValidationEnabled", false)
}

func trailKey(t *Trail, _ *Params) Verdict {
	if t.KmsKeyId != "" {
		return Pass("log files are encrypted with %s", t.KmsKeyId)
	}
	return Fail("log files are encrypted with no key of the customer").At("KmsKeyId", nil)
}

// trailLogGroup: a stopped trail sends nothing anywhere, which is a check of its own.
func trailLogGroup(t *Trail, p *Params) Verdict {
	if t.CloudWatchLogsLogGroupArn == "" {
		return Fail("the trail is sent to no log group").At("CloudWatchLogsLogGroupArn", nil)
	}
	s, err := t.status()
	switch {
	case err != nil:
		return Unknown(err)
	case !s.IsLogging:
		return NotApplicable("the trail is not logging")
	}
	return s.recent(p, s.LatestCloudWatchLogsDeliveryTime, "LatestCloudWatchLogsDeliveryTime", "the log group")
}

func trailDelivery(t *Trail, p *Params) Verdict {
	s, err := t.status()
	switch {
	case err != nil:
		return Unknown(err)
	case !s.IsLogging:
		return NotApplicable("the trail is not logging")
	case s.LatestDeliveryError != "":
		return Fail("the last delivery to %s failed: %s", t.S3BucketName, s.LatestDeliveryError).At("Status.LatestDeliveryError", s.LatestDeliveryError)
	}
	return s.recent(p, s.LatestDeliveryTime, "LatestDeliveryTime", t.S3BucketName)
}

// recent wants a delivery of the last day, or a trail that has just been started.
func (s *TrailStatus) recent(p *Params, last time.Time, field, to string) Verdict {
	limit := p.Days("days", 1)
	switch {
	case !last.IsZero() && !p.OlderThan(last, limit):
		return Pass("events were delivered to %s on %s", to, last.UTC().Format(time.RFC3339))
	case !last.IsZero():
		return Fail("no events were delivered to %s since %s", to, last.UTC().Format(time.RFC3339)).At("Status."+field, last)
	case !s.StartLoggingTime.IsZero() && !p.OlderThan(s.StartLoggingTime, limit):
		return Pass("the trail was started on %s: there may have been nothing to deliver yet", s.StartLoggingTime.UTC().Format(time.RFC3339))
	}
	return Fail("events were never delivered to %s", to).At("Status."+field, nil)
}
