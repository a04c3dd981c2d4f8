// The part of RoadRunner that a centrifuge worker meets: its plugins, in the versions that release 2025.1.15 pins.
package main

import (
	"flag"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/roadrunner-server/centrifuge/v5"
	"github.com/roadrunner-server/config/v5"
	"github.com/roadrunner-server/endure/v2"
	"github.com/roadrunner-server/informer/v5"
	"github.com/roadrunner-server/logger/v5"
	"github.com/roadrunner-server/metrics/v5"
	"github.com/roadrunner-server/resetter/v5"
	"github.com/roadrunner-server/rpc/v5"
	"github.com/roadrunner-server/server/v5"
	"github.com/spf13/viper"
)

func main() {
	path := flag.String("c", ".rr.yaml", "configuration")
	arguments := os.Args[1:]
	if len(arguments) > 0 && arguments[0] == "serve" { // as `rr` is called
		arguments = arguments[1:]
	}
	check(flag.CommandLine.Parse(arguments))
	settings := viper.New()
	settings.SetConfigFile(*path)
	check(settings.ReadInConfig())
	settings.SetDefault("endure.grace_period", 30*time.Second)
	grace := settings.GetDuration("endure.grace_period")
	container := endure.New(slog.LevelError, endure.GracefulShutdownTimeout(grace))
	check(container.RegisterAll(
		&config.Plugin{Path: *path, Version: "2025.1.15"},
		&logger.Plugin{}, &rpc.Plugin{}, &server.Plugin{},
		&centrifuge.Plugin{}, &informer.Plugin{}, &resetter.Plugin{}, &metrics.Plugin{},
	))
	check(container.Init())
	failed, err := container.Serve()
	check(err)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case result := <-failed:
		log.Print(result.VertexID, ": ", result.Error)
		_ = container.Stop()
		os.Exit(1)
	case <-stop:
		check(container.Stop())
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
