package scan

// Watch hears of every parameter that checks ask for.
func Watch(o *Options, asked func(Parameter)) { o.asked = asked }
