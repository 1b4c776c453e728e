package collect

import (
	"context"
	"slices"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

const (
	aliasPage = 100
	keyPage   = 1000
)

func kmsOperations() []operation {
	const key = "AWS::KMS::Key"
	return []operation{
		{name: "kms:ListAliases", list: listAliases},
		{name: "kms:ListKeys", perSecond: 500, through: []string{"kms:ListAliases"}, list: listKeys},
		{name: "kms:DescribeKey", of: key, perSecond: 2000, read: describeKey, when: notByAlias},
		{name: "kms:GetKeyPolicy", of: key, perSecond: 1000, read: keyPolicy, when: ofCustomer},
		{name: "kms:GetKeyRotationStatus", of: key, perSecond: 1000, read: keyRotation, when: rotates},
	}
}

func listAliases(ctx context.Context, c *clients, emit func(item)) error {
	aliases, err := keyAliases(ctx, c)
	for _, a := range aliases {
		emit(item{Type: "AWS::KMS::Alias", ARN: aws.ToString(a.AliasArn), Name: aws.ToString(a.AliasName), Data: fields{
			"TargetKeyId": a.TargetKeyId, "CreationDate": a.CreationDate, "LastUpdatedDate": a.LastUpdatedDate,
		}})
	}
	return err
}

// keyAliases are resources, and name the keys.
func keyAliases(ctx context.Context, c *clients) ([]types.AliasListEntry, error) {
	return once(ctx, c, "kms:ListAliases", func(ctx context.Context) (aliases []types.AliasListEntry, err error) {
		err = eachPage(ctx, c.kms().ListAliases, &kms.ListAliasesInput{Limit: aws.Int32(aliasPage)},
			func(in *kms.ListAliasesInput, out *kms.ListAliasesOutput) (*string, error) {
				aliases = append(aliases, out.Aliases...)
				in.Marker = out.NextMarker
				return more(out.Truncated, in.Marker)
			})
		return aliases, err
	})
}

// more is the marker of the next page, nil after the last one.
func more(truncated bool, marker *string) (*string, error) {
	switch {
	case !truncated:
		return nil, nil
	case aws.ToString(marker) == "":
		return nil, errLeftOut
	}
	return marker, nil
}

// listKeys gives the keys by their aliases: one call that saves several for each key
// that AWS manages. Where aliases are refused all keys are described, which tells as much.
func listKeys(ctx context.Context, c *clients, emit func(item)) error {
	var names map[string][]string // key → aliases
	return eachPage(ctx, c.kms().ListKeys, &kms.ListKeysInput{Limit: aws.Int32(keyPage)},
		func(in *kms.ListKeysInput, out *kms.ListKeysOutput) (*string, error) {
			if names == nil && len(out.Keys) > 0 {
				names = aliasNames(ctx, c)
			}
			for _, k := range out.Keys {
				i := item{Type: "AWS::KMS::Key", ARN: aws.ToString(k.KeyArn), Name: aws.ToString(k.KeyId), Data: fields{"KeyId": k.KeyId}}
				if aliases := names[i.Name]; len(aliases) > 0 {
					i.Name, i.Data["Aliases"] = aliases[0], aliases
				}
				emit(i)
			}
			in.Marker = out.NextMarker
			return more(out.Truncated, in.Marker)
		})
}

func aliasNames(ctx context.Context, c *clients) map[string][]string {
	names := map[string][]string{}
	aliases, _ := keyAliases(ctx, c) // its operation tells of the error
	for _, a := range aliases {
		key := aws.ToString(a.TargetKeyId)
		names[key] = append(names[key], aws.ToString(a.AliasName))
	}
	for _, n := range names {
		slices.Sort(n)
	}
	return names
}

func notByAlias(k *item) bool {
	names, _ := recorded[[]string](k, "Aliases")
	return !slices.ContainsFunc(names, scan.AWSKeyAlias)
}

func ofCustomer(k *item) bool {
	m, ok := recorded[types.KeyMetadata](k, "Metadata")
	return ok && m.KeyManager == types.KeyManagerTypeCustomer
}

// rotates says whether rotation can be switched on for a key.
func rotates(k *item) bool {
	m, _ := recorded[types.KeyMetadata](k, "Metadata")
	return m.KeyManager == types.KeyManagerTypeCustomer && m.KeyState == types.KeyStateEnabled && m.KeySpec == types.KeySpecSymmetricDefault && m.Origin == types.OriginTypeAwsKms &&
		(m.MultiRegionConfiguration == nil || m.MultiRegionConfiguration.MultiRegionKeyType != types.MultiRegionKeyTypeReplica)
}

func describeKey(ctx context.Context, c *clients, k *item) (fields, error) {
	out, err := c.kms().DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &k.ARN})
	if err != nil {
		return nil, err
	}
	if m := out.KeyMetadata; m == nil || m.KeyManager == "" || m.KeyState == "" || m.KeySpec == "" || m.Origin == "" {
		return nil, errLeftOut
	}
	return fields{"Metadata": out.KeyMetadata}, nil
}

func keyPolicy(ctx context.Context, c *clients, k *item) (fields, error) {
	out, err := c.kms().GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &k.ARN, PolicyName: aws.String("default")})
	if err != nil {
		return nil, err
	}
	if aws.ToString(out.Policy) == "" {
		return nil, errLeftOut
	}
	return fields{"Policy": policyText(out.Policy)}, nil
}

func keyRotation(ctx context.Context, c *clients, k *item) (fields, error) {
	out, err := c.kms().GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: &k.ARN})
	if err != nil {
		return nil, err
	}
	rotation, err := parts(out)
	return fields{"Rotation": rotation}, err
}
