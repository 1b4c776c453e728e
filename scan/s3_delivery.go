package scan

// deliversLogs says whether an account is one of AWS's own, from which a service
// delivers logs into buckets. Services that came later, and new regions, do so under the
// service's name. As of 2025, from the pages that say what a bucket policy has to
// allow:
//
//   - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
//   - https://docs.aws.amazon.com/redshift/latest/mgmt/db-auditing.html
//   - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-supported-regions.html
//   - https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/billing-getting-started.html
func deliversLogs(account string) bool {
	switch account {
	case // Elastic Load Balancing
		"009996457667", "027434742980", "033677994240", "037604701340", "048591011584", "054676820928", "076674570225", "098369216593",
		"114774131450", "127311923021", "156460612806", "190560391635", "383597477331", "507241528517", "582318560864", "589379963580",
		"600734575887", "635631232127", "638102146993", "652711504416", "718504428378", "754344448648", "783225319266", "797873946194",
		"897822967062", "985666609251",
		// Redshift
		"013126148197", "053454850223", "075028567923", "090321488786", "111890595117", "193672423079", "210876761215", "262260360010",
		"307160386991", "313564881002", "361669875840", "365689465814", "391106570357", "404641285394", "660998842044", "665727464434",
		"729911121831", "760740231472", "762762565011", "865932855811", "902366379725", "907379612154", "915173422425", "945612479654",
		// CloudTrail
		"034638983726", "035351147821", "069019280451", "086441151436", "113285607260", "119688915426", "187074758985", "193415116832",
		"216624486486", "262312530599", "282025262664", "284668455005", "388731089494", "453052556044", "475085895292", "492519147666",
		"525921808201", "582488909970", "585772288577", "608710470296", "669305197877", "681348832753", "683224464357", "757211635381",
		"765225791966", "814480443879", "819402241893", "829690693026", "859597730677", "903692715234", "977081816279",
		// Billing
		"386209384616":
		return true
	}
	return false
}

// AccountOfAWS says whether an account is known to be one of AWS's own.
func AccountOfAWS(id string) bool { return deliversLogs(id) }
