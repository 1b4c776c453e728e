package resolve

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"
)

// dpop is a proof that whoever sends a request to htu has the key: a JWT of RFC
// 9449, signed with ES256. Each is good for one request.
func dpop(key *ecdsa.PrivateKey, method, htu string, now time.Time) (string, error) {
	type jwk struct {
		Kty string `json:"kty"`
		Crv string `json:"crv"`
		X   string `json:"x"`
		Y   string `json:"y"`
	}
	public, err := key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return "", err
	}
	half := len(public) / 2
	text, err := jwt(
		struct {
			Typ string `json:"typ"`
			Alg string `json:"alg"`
			JWK jwk    `json:"jwk"`
		}{"dpop+jwt", "ES256", jwk{"EC", "P-256", base64url(public[1 : 1+half]), base64url(public[1+half:])}},
		struct {
			ID  string `json:"jti"`
			HTM string `json:"htm"`
			HTU string `json:"htu"`
			IAT int64  `json:"iat"`
		}{rand.Text(), method, htu, now.Unix()})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 2*half) // as JWS has it: r and s, each of full width
	r.FillBytes(signature[:half])
	s.FillBytes(signature[half:])
	return text + "." + base64url(signature), nil
}

// jwt is header and claims as they are signed.
func jwt(header, claims any) (string, error) {
	h, err := json.Marshal(header)
	if err != nil {
		return "", err
	}
	c, err := json.Marshal(claims)
	return base64url(h) + "." + base64url(c), err
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
