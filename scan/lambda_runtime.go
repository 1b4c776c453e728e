package scan

import (
	"slices"
	"time"
)

// runtimes are the runtimes of Lambda and the day from which AWS takes each for
// deprecated, as AWS had published it in June 2026. Those to come may still be put off.
func runtimes() map[string]string {
	return map[string]string{
		"nodejs": "2016-10-31", "nodejs4.3": "2020-03-05", "nodejs4.3-edge": "2019-04-30", "nodejs6.10": "2019-08-12", "nodejs8.10": "2020-03-06",
		"nodejs10.x": "2021-07-30", "nodejs12.x": "2023-03-31", "nodejs14.x": "2023-12-04", "nodejs16.x": "2024-06-12", "nodejs18.x": "2025-09-01",
		"nodejs20.x": "2026-04-30", "nodejs22.x": "2027-04-30", "nodejs24.x": "2028-04-30",
		"python2.7": "2021-07-15", "python3.6": "2022-07-18", "python3.7": "2023-12-04", "python3.8": "2024-10-14", "python3.9": "2025-12-15",
		"python3.10": "2026-10-31", "python3.11": "2027-06-30", "python3.12": "2028-10-31", "python3.13": "2029-06-30", "python3.14": "2029-06-30",
		"java8": "2024-01-08", "java8.al2": "2027-06-30", "java11": "2027-06-30", "java17": "2027-06-30",
		"java8.al2023": "2029-06-30", "java11.al2023": "2029-06-30", "java17.al2023": "2029-06-30", "java21": "2029-06-30", "java25": "2029-06-30",
		"dotnetcore1.0": "2019-06-27", "dotnetcore2.0": "2019-05-30", "dotnetcore2.1": "2022-01-05", "dotnetcore3.1": "2023-04-03",
		"dotnet6": "2024-12-20", "dotnet8": "2026-11-10", "dotnet10": "2028-11-14",
		"ruby2.5": "2021-07-30", "ruby2.7": "2023-12-07", "ruby3.2": "2026-03-31", "ruby3.3": "2027-03-31", "ruby3.4": "2028-03-31", "ruby4.0": "2029-03-31",
		"go1.x": "2024-01-08", "provided": "2024-01-08", "provided.al2": "2026-07-31", "provided.al2023": "2029-06-30",
	}
}

// lambdaRuntime: the parameters deprecated and supported overrule the table.
func lambdaRuntime(f *Function, p *Params) Verdict {
	day, listed := runtimes()[f.Runtime]
	switch {
	case f.Runtime == "" && f.PackageType == "Image":
		return NotApplicable("the function is an image, which brings its own runtime")
	case f.Runtime == "":
		return badAnswer("lambda:ListFunctions", &f.Resource, "no Runtime")
	case slices.Contains(p.Strings("deprecated"), f.Runtime):
		return Fail("the runtime %s is deprecated by this site's rules", f.Runtime).At("Runtime", f.Runtime)
	case slices.Contains(p.Strings("supported"), f.Runtime):
		return Pass("the runtime %s is supported by this site's rules", f.Runtime)
	case !listed:
		return UnknownHere("the runtime %s is newer than this program's table", f.Runtime)
	case p.Now.UTC().Format(time.DateOnly) < day:
		return Pass("the runtime %s is supported until %s", f.Runtime, day)
	}
	return Fail("the runtime %s is deprecated since %s", f.Runtime, day).At("Runtime", f.Runtime)
}
