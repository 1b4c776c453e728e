package collect

import (
	"net/http"
	"slices"
	"testing"
)

// TestLoadBalancers: two APIs of one name, told apart by their version.
func TestLoadBalancers(t *testing.T) {
	const op, classic, v2 = "elasticloadbalancing:", "?Version=2012-06-01", "?Version=2015-12-01"
	listener := func(protocol, more string) string {
		return `<member><ListenerArn>arn:` + protocol + `</ListenerArn><Protocol>` + protocol + `</Protocol><Port>80</Port>` + more + `</member>`
	}
	attribute := func(key, value string) string {
		return `<member><Key>` + key + `</Key><Value>` + value + `</Value></member>`
	}
	c := serviceCase{
		answers: map[string]string{
			op + "DescribeLoadBalancers" + classic: result("DescribeLoadBalancers", `<LoadBalancerDescriptions><member><LoadBalancerName>old</LoadBalancerName><Scheme>internet-facing</Scheme><ListenerDescriptions>
				<member><Listener><Protocol>HTTPS</Protocol><LoadBalancerPort>443</LoadBalancerPort></Listener><PolicyNames><member>p</member></PolicyNames></member>
				<member><Listener><Protocol>HTTP</Protocol><LoadBalancerPort>80</LoadBalancerPort></Listener></member></ListenerDescriptions></member></LoadBalancerDescriptions>`),
			op + "DescribeLoadBalancerAttributes" + classic: result("DescribeLoadBalancerAttributes", `<LoadBalancerAttributes><AccessLog><Enabled>false</Enabled></AccessLog></LoadBalancerAttributes>`),
			op + "DescribeLoadBalancerPolicies": result("DescribeLoadBalancerPolicies", `<PolicyDescriptions><member><PolicyName>p</PolicyName><PolicyTypeName>SSLNegotiationPolicyType</PolicyTypeName><PolicyAttributeDescriptions>
				<member><AttributeName>Protocol-TLSv1</AttributeName><AttributeValue>true</AttributeValue></member></PolicyAttributeDescriptions></member></PolicyDescriptions>`),
			op + "DescribeLoadBalancers" + v2: result("DescribeLoadBalancers", `<LoadBalancers><member><LoadBalancerArn>arn:app</LoadBalancerArn><LoadBalancerName>app</LoadBalancerName><Type>application</Type><Scheme>internal</Scheme></member>
				<member><LoadBalancerArn>arn:gw</LoadBalancerArn><LoadBalancerName>gw</LoadBalancerName><Type>gateway</Type></member></LoadBalancers>`),
			op + "DescribeListeners": result("DescribeListeners", "<Listeners>"+listener("HTTP", `<DefaultActions><member><Type>redirect</Type><RedirectConfig><Protocol>HTTPS</Protocol></RedirectConfig></member></DefaultActions>`)+
				listener("HTTPS", `<SslPolicy>old</SslPolicy><DefaultActions><member><Type>authenticate-oidc</Type><AuthenticateOidcConfig><ClientSecret>hunter2</ClientSecret></AuthenticateOidcConfig></member></DefaultActions>`)+"</Listeners>"),
			op + "DescribeRules?ListenerArn=arn:HTTP": result("DescribeRules", `<Rules><member><Priority>1</Priority><Conditions><member><Field>http-header</Field><HttpHeaderConfig><HttpHeaderName>X-Origin</HttpHeaderName><Values><member>hunter3</member></Values></HttpHeaderConfig></member></Conditions>
				<Actions><member><Type>authenticate-oidc</Type><AuthenticateOidcConfig><ClientSecret>hunter4</ClientSecret></AuthenticateOidcConfig></member><member><Type>fixed-response</Type></member></Actions></member>
				<member><Priority>default</Priority><IsDefault>true</IsDefault><Actions><member><Type>redirect</Type><RedirectConfig><Protocol>HTTPS</Protocol></RedirectConfig></member></Actions></member></Rules>`),
			op + "DescribeLoadBalancerAttributes" + v2: result("DescribeLoadBalancerAttributes", "<Attributes>"+attribute("access_logs.s3.enabled", "true")+
				attribute("routing.http.drop_invalid_header_fields.enabled", "false")+attribute("routing.http.desync_mitigation_mode", "defensive")+"</Attributes>"),
			op + "DescribeSSLPolicies": result("DescribeSSLPolicies", `<SslPolicies><member><Name>old</Name><SslProtocols><member>TLSv1</member><member>TLSv1.2</member></SslProtocols></member></SslPolicies>`),
		},
		asks: []string{op + "DescribeLoadBalancers PageSize=400", op + "DescribeRules PageSize=400", op + "DescribeRules ListenerArn=arn:HTTP"},
		want: map[string]string{
			"elb-cleartext old": "FAIL", "elb-access-logs old": "FAIL", "elb-old-tls old": "FAIL",
			"elbv2-cleartext app": "PASS PASS", "elbv2-old-tls app": "NOT_APPLICABLE FAIL", "elbv2-access-logs app": "PASS", "elbv2-invalid-headers app": "FAIL",
			"elbv2-cleartext gw": "NOT_APPLICABLE", "elbv2-old-tls gw": "NOT_APPLICABLE", "elbv2-access-logs gw": "NOT_APPLICABLE", "elbv2-invalid-headers gw": "NOT_APPLICABLE",
		},
		never: []string{"hunter2", "hunter3", "hunter4"},
	}
	c.run(t)
}

// TestNoBalancers: where there is no load balancer, no policies are asked for.
func TestNoBalancers(t *testing.T) {
	aws := newStandIn(t)
	s := read(t, aws.collector(t, "elbv2-old-tls"))
	if lists, policies := aws.made("elasticloadbalancing:DescribeLoadBalancers"), aws.made("elasticloadbalancing:DescribeSSLPolicies"); lists != 1 || policies != 0 || !*s.end(t).Complete {
		t.Errorf("%d lists of load balancers, %d of policies, the end %+v", lists, policies, s.end(t))
	}
}

// TestBalancerRules: rules are asked for of those listeners alone that redirect in clear
// text. One that is gone meanwhile is no error.
func TestBalancerRules(t *testing.T) {
	const op = "elasticloadbalancing:"
	listener := func(arn, protocol, action string) string {
		return `<member><ListenerArn>` + arn + `</ListenerArn><Protocol>` + protocol + `</Protocol><Port>80</Port><DefaultActions><member>` + action + `</member></DefaultActions></member>`
	}
	const redirect, forward = `<Type>redirect</Type><RedirectConfig><Protocol>HTTPS</Protocol></RedirectConfig>`, `<Type>forward</Type>`
	rule := func(action string) string {
		return result("DescribeRules", `<Rules><member><Priority>7</Priority><Actions><member>`+action+`</member></Actions></member></Rules>`)
	}
	aws := newStandIn(t)
	aws.on(op+"DescribeLoadBalancers", body(result("DescribeLoadBalancers", `<LoadBalancers><member><LoadBalancerArn>arn:app</LoadBalancerArn><LoadBalancerName>app</LoadBalancerName><Type>application</Type></member></LoadBalancers>`)))
	aws.on(op+"DescribeListeners", body(result("DescribeListeners", "<Listeners>"+listener("l-1", "HTTP", redirect)+listener("l-2", "HTTP", redirect)+
		listener("l-3", "HTTP", redirect)+listener("l-4", "HTTP", forward)+listener("l-5", "HTTPS", forward)+"</Listeners>")))
	xmlError := func(status int, code string) func(http.ResponseWriter, asked) {
		return func(w http.ResponseWriter, _ asked) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`<ErrorResponse><Error><Code>` + code + `</Code><Message>no</Message></Error></ErrorResponse>`))
		}
	}
	denied := false
	aws.on(op+"DescribeRules", func(w http.ResponseWriter, q asked) {
		switch arn := q.form.Get("ListenerArn"); {
		case denied && arn == "l-2":
			xmlError(403, "AccessDenied")(w, q)
		case arn == "l-1":
			body(rule(forward))(w, q)
		case arn == "l-2":
			body(rule(redirect))(w, q)
		default:
			xmlError(400, "ListenerNotFound")(w, q)
		}
	})
	verdicts := func() (out []string) {
		for _, x := range findings(t, read(t, aws.collector(t, "elbv2-cleartext")), "elbv2-cleartext") {
			out = append(out, string(x.Status))
		}
		return out
	}
	if got := verdicts(); !slices.Equal(got, []string{"FAIL", "PASS", "NOT_APPLICABLE", "FAIL", "PASS"}) || aws.made(op+"DescribeRules") != 3 {
		t.Errorf("%v after %d calls", got, aws.made(op+"DescribeRules"))
	}
	denied = true
	if got := verdicts(); !slices.Equal(got, []string{"UNKNOWN", "UNKNOWN", "UNKNOWN", "FAIL", "PASS"}) {
		t.Errorf("denied: %v", got)
	}
}
