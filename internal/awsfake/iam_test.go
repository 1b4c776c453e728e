package awsfake_test

import (
	"bytes"
	"image/png"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"fob/internal/awsfake"
)

func TestGetUser(t *testing.T) {
	f := start(t, awsfake.Options{})
	f.AddUser(account, "ops/ben")
	f.AddUser("210987654321", "cat")
	out, err := f.iam().GetUser(t.Context(), nil)
	if err != nil || *out.User.Arn != f.ann.ARN || *out.User.UserName != "ann" || *out.User.UserId != f.ann.ID || *out.User.Path != "/" || out.User.CreateDate.IsZero() {
		t.Fatalf("got %v, %v", out, err)
	}
	out, err = f.iam().GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String("ben")})
	if err != nil || *out.User.Path != "/ops/" {
		t.Errorf("got %v, %v", out, err)
	}
	_, err = f.iam().GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String("cat")})
	refused(t, err, "NoSuchEntity", "The user with name cat cannot be found.")
}

func TestIAMWantsMFAInASession(t *testing.T) {
	f := start(t, awsfake.Options{})
	_, err := iam.NewFromConfig(f.as(f.session(false))).GetUser(t.Context(), nil)
	refused(t, err, "InvalidClientTokenId", unknownKey)
	if _, err := iam.NewFromConfig(f.as(f.session(true))).GetUser(t.Context(), nil); err != nil {
		t.Error(err)
	}
	guest, err := f.sts().GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("guest")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = iam.NewFromConfig(f.as(guest.Credentials)).GetUser(t.Context(), nil)
	refused(t, err, "InvalidClientTokenId", "")
}

func TestKeyRotation(t *testing.T) {
	c := &clock{}
	f := start(t, awsfake.Options{Now: c.Now, Behaviour: awsfake.Behaviour{KeyDelay: 10 * time.Second}})
	ctx := t.Context()
	out, err := f.iam().CreateAccessKey(ctx, &iam.CreateAccessKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	fresh := awsfake.Key{ID: *out.AccessKey.AccessKeyId, Secret: *out.AccessKey.SecretAccessKey}
	if accountOf(t, fresh.ID) != account || fresh.ID == f.ann.Key.ID || out.AccessKey.Status != iamtypes.StatusTypeActive {
		t.Errorf("new key %+v", out.AccessKey)
	}
	_, err = f.iam().CreateAccessKey(ctx, &iam.CreateAccessKeyInput{})
	refused(t, err, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")

	_, err = whoami(t, f.config(fresh, ""))
	refused(t, err, "InvalidClientTokenId", unknownKey)
	c.advance(10 * time.Second)
	if _, err := whoami(t, f.config(fresh, "")); err != nil {
		t.Fatalf("after the delay: %v", err)
	}

	used, err := f.iam().GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &fresh.ID})
	if err != nil || *used.UserName != "ann" || *used.AccessKeyLastUsed.ServiceName != "sts" || *used.AccessKeyLastUsed.Region != "eu-central-1" || used.AccessKeyLastUsed.LastUsedDate == nil {
		t.Errorf("last used %+v, %v", used, err)
	}

	_, err = f.iam().UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{AccessKeyId: &f.ann.Key.ID, Status: iamtypes.StatusTypeInactive})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.sts().GetCallerIdentity(ctx, nil)
	refused(t, err, "InvalidClientTokenId", unknownKey)

	now := iam.NewFromConfig(f.config(fresh, ""))
	list, err := now.ListAccessKeys(ctx, nil)
	if err != nil || len(list.AccessKeyMetadata) != 2 || list.AccessKeyMetadata[0].Status != iamtypes.StatusTypeInactive || *list.AccessKeyMetadata[1].AccessKeyId != fresh.ID {
		t.Errorf("keys %+v, %v", list, err)
	}
	if _, err := now.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{AccessKeyId: &f.ann.Key.ID}); err != nil {
		t.Fatal(err)
	}
	_, err = now.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{AccessKeyId: &f.ann.Key.ID})
	refused(t, err, "NoSuchEntity", "The Access Key with id "+f.ann.Key.ID+" cannot be found.")
	_, err = now.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &f.ann.Key.ID})
	refused(t, err, "AccessDenied", "")
	_, err = now.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{AccessKeyId: &fresh.ID, Status: "Asleep"})
	refused(t, err, "ValidationError", "")
}

func TestLastUsedOfANewKey(t *testing.T) {
	f := start(t, awsfake.Options{})
	k := f.ann.AddKey("", "")
	used, err := f.iam().GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: &k.ID})
	if err != nil || used.AccessKeyLastUsed.LastUsedDate != nil || *used.AccessKeyLastUsed.ServiceName != "N/A" {
		t.Errorf("got %+v, %v", used, err)
	}
}

func TestEnableMFA(t *testing.T) {
	c := &clock{}
	f := start(t, awsfake.Options{Now: c.Now})
	ctx := t.Context()
	in := &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("phone")}
	out, err := f.iam().CreateVirtualMFADevice(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	serial := out.VirtualMFADevice.SerialNumber
	phone := f.MFA(*serial)
	if *serial != "arn:aws:iam::123456789012:mfa/phone" || phone == nil || string(out.VirtualMFADevice.Base32StringSeed) != phone.Seed {
		t.Fatalf("device %s with seed %q, the server has %v", *serial, out.VirtualMFADevice.Base32StringSeed, phone)
	}
	if _, err := png.Decode(bytes.NewReader(out.VirtualMFADevice.QRCodePNG)); err != nil {
		t.Errorf("QR code: %v", err)
	}
	_, err = f.iam().CreateVirtualMFADevice(ctx, in)
	refused(t, err, "EntityAlreadyExists", "MFADevice entity at the same path and name already exists.")

	enable := func(first, second string) error {
		_, err := f.iam().EnableMFADevice(ctx, &iam.EnableMFADeviceInput{UserName: aws.String("ann"), SerialNumber: serial, AuthenticationCode1: &first, AuthenticationCode2: &second})
		return err
	}
	session := func() error {
		_, err := f.sts().GetSessionToken(ctx, &sts.GetSessionTokenInput{SerialNumber: serial, TokenCode: aws.String(phone.Code(f.Now()))})
		return err
	}
	refused(t, session(), "AccessDenied", notOwnMFA)
	before, now := phone.Code(f.Now().Add(-30*time.Second)), phone.Code(f.Now())
	refused(t, enable(now, now), "InvalidAuthenticationCode", "Authentication code for device is not valid.")
	refused(t, enable(now, before), "InvalidAuthenticationCode", "")
	if err := enable(before, now); err != nil {
		t.Fatal(err)
	}
	refused(t, enable(before, now), "EntityAlreadyExists", "")
	refused(t, session(), "AccessDenied", invalidMFA) // that code has enabled the device
	c.advance(30 * time.Second)
	if err := session(); err != nil {
		t.Errorf("the code after: %v", err)
	}

	list, err := f.iam().ListMFADevices(ctx, &iam.ListMFADevicesInput{UserName: aws.String("ann")})
	if err != nil || len(list.MFADevices) != 2 || *list.MFADevices[1].SerialNumber != *serial {
		t.Errorf("devices %+v, %v", list, err)
	}
	_, err = f.iam().DeleteVirtualMFADevice(ctx, &iam.DeleteVirtualMFADeviceInput{SerialNumber: serial})
	refused(t, err, "DeleteConflict", "")
	if _, err := f.iam().DeactivateMFADevice(ctx, &iam.DeactivateMFADeviceInput{UserName: aws.String("ann"), SerialNumber: serial}); err != nil {
		t.Fatal(err)
	}
	_, err = f.iam().DeactivateMFADevice(ctx, &iam.DeactivateMFADeviceInput{UserName: aws.String("ann"), SerialNumber: serial})
	refused(t, err, "NoSuchEntity", "")
	for status, want := range map[iamtypes.AssignmentStatusType]int{"": 2, "Any": 2, "Assigned": 1, "Unassigned": 1} {
		all, err := f.iam().ListVirtualMFADevices(ctx, &iam.ListVirtualMFADevicesInput{AssignmentStatus: status})
		if err != nil || len(all.VirtualMFADevices) != want {
			t.Errorf("%s: %d devices, %v", status, len(all.VirtualMFADevices), err)
		}
	}
	if _, err := f.iam().DeleteVirtualMFADevice(ctx, &iam.DeleteVirtualMFADeviceInput{SerialNumber: serial}); err != nil {
		t.Fatal(err)
	}
	refused(t, enable(before, now), "NoSuchEntity", "")
	if f.MFA(*serial) != nil {
		t.Error("the device is still there")
	}
}

func TestEightDevicesAtMost(t *testing.T) {
	f := start(t, awsfake.Options{})
	for range 7 {
		f.ann.AddMFA("")
	}
	out, err := f.iam().CreateVirtualMFADevice(t.Context(), &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("ninth"), Path: aws.String("/ops/")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.iam().EnableMFADevice(t.Context(), &iam.EnableMFADeviceInput{UserName: aws.String("ann"), SerialNumber: out.VirtualMFADevice.SerialNumber, AuthenticationCode1: aws.String("000000"), AuthenticationCode2: aws.String("000000")})
	refused(t, err, "LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: 8")
}
