package awsfake

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
)

// answer is a response that is ready to be sent, or to be spoiled by a fault.
type answer struct {
	status      int
	contentType string
	body        []byte
}

// apiError is a refusal in AWS's words.
type apiError struct {
	status        int
	code, message string
}

// refuse is the usual refusal, status 403.
func refuse(code, message string) *apiError { return &apiError{http.StatusForbidden, code, message} }

func errConstraint(value, member, rule string) *apiError {
	return errValidation(fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, member, rule))
}

func errMissing(member string) *apiError {
	return errValidation(fmt.Sprintf("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member))
}

func errValidation(message string) *apiError {
	return &apiError{http.StatusBadRequest, "ValidationError", message}
}

// success wraps a result as <XResponse><XResult>…</XResult><ResponseMetadata>….
func (c *call) success(result any) answer {
	var b strings.Builder
	enc := xml.NewEncoder(&b)
	action := c.form.Get("Action")
	err := enc.EncodeElement(envelope{c, action, result}, xml.StartElement{
		Name: xml.Name{Space: c.service.xmlns, Local: action + "Response"},
	})
	if err != nil {
		return c.refusal(&apiError{http.StatusInternalServerError, "InternalFailure", err.Error()})
	}
	c.log.Status = http.StatusOK
	return answer{http.StatusOK, "text/xml", []byte(b.String())}
}

// envelope marshals what lies in a response element, whose names hang on the action.
type envelope struct {
	call   *call
	action string
	result any // nil for an action that tells nothing
}

// MarshalXML implements [xml.Marshaler].
func (e envelope) MarshalXML(enc *xml.Encoder, start xml.StartElement) error {
	if err := enc.EncodeToken(start); err != nil {
		return err
	}
	if e.result != nil {
		if err := enc.EncodeElement(e.result, xml.StartElement{Name: xml.Name{Local: e.action + "Result"}}); err != nil {
			return err
		}
	}
	meta := struct {
		RequestID string `xml:"RequestId"`
	}{e.call.id}
	if err := enc.EncodeElement(meta, xml.StartElement{Name: xml.Name{Local: "ResponseMetadata"}}); err != nil {
		return err
	}
	return enc.EncodeToken(start.End())
}

// refusal is the error document of the query protocol.
func (c *call) refusal(e *apiError) answer {
	c.log.Status, c.log.Error = e.status, e.code
	doc := struct {
		XMLName xml.Name
		Type    string `xml:"Error>Type"`
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
		ID      string `xml:"RequestId"`
	}{xml.Name{Space: c.service.xmlns, Local: "ErrorResponse"}, "Sender", e.code, e.message, c.id}
	if e.status >= http.StatusInternalServerError {
		doc.Type = "Receiver"
	}
	b, err := xml.Marshal(doc)
	if err != nil {
		b = []byte(err.Error()) // strings always marshal
	}
	return answer{e.status, "text/xml", b}
}

// members is a list in AWS's XML; it writes its element when it is empty, too.
type members[T any] struct {
	Member []T `xml:"member"`
}
