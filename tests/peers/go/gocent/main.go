// Publishes with gocent as the benchmark says: a line of milliseconds in, a line of what they gave out.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/centrifugal/gocent/v3"
)

func main() {
	underWay, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	client := gocent.New(gocent.Config{
		Addr: "http://" + os.Args[1] + "/api",
		Key:  os.Args[3],
		// gocent's own keeps 100 connections, and would open the rest anew for each call.
		HTTPClient: &http.Client{
			Transport: &http.Transport{MaxIdleConnsPerHost: underWay},
			Timeout:   5 * time.Second,
		},
	})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		millis, err := strconv.Atoi(lines.Text())
		if err != nil {
			log.Fatal(err)
		}
		round(client, underWay, time.Duration(millis)*time.Millisecond)
	}
}

func round(client *gocent.Client, underWay int, limit time.Duration) {
	data := []byte(os.Args[4])
	latencies := make([][]time.Duration, underWay)
	start := time.Now()
	var group sync.WaitGroup
	for at := range latencies {
		group.Go(func() {
			before := time.Now()
			for before.Sub(start) < limit {
				if _, err := client.Publish(context.Background(), "chat:1", data); err != nil {
					log.Fatal(err)
				}
				now := time.Now()
				latencies[at] = append(latencies[at], now.Sub(before))
				before = now
			}
		})
	}
	group.Wait()
	elapsed := time.Since(start)
	all := slices.Concat(latencies...)
	slices.Sort(all)
	fmt.Println(elapsed.Nanoseconds(), len(all), all[len(all)/2].Nanoseconds(), all[len(all)*99/100].Nanoseconds())
}
