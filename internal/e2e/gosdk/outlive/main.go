// Command outlive calls GetCallerIdentity again and again, with one client of the
// AWS SDK, until it has signed with as many different keys as its argument says. It
// prints one JSON object.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "outlive:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	want, err := strconv.Atoi(os.Args[1])
	if err != nil {
		return err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	client := sts.NewFromConfig(cfg)
	var keys []string
	var arn string
	calls := 0
	for ; len(keys) < want; calls++ {
		// The client asks the same cache of credentials.
		c, err := cfg.Credentials.Retrieve(ctx)
		if err != nil {
			return err
		}
		if !slices.Contains(keys, c.AccessKeyID) {
			keys = append(keys, c.AccessKeyID)
		}
		who, err := client.GetCallerIdentity(ctx, nil)
		if err != nil {
			return err
		}
		arn = aws.ToString(who.Arn)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"Keys": keys, "Calls": calls, "Arn": arn})
}
