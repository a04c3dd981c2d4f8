// The least service of grpc-go that answers Centrifugo's rpc with the data that it took.
package main

import (
	"context"
	"fmt"
	"log"
	"net"

	"google.golang.org/grpc"
)

type service struct {
	UnimplementedCentrifugoProxyServer
}

func (service) RPC(_ context.Context, request *RPCRequest) (*RPCResponse, error) {
	return &RPCResponse{Result: &RPCResult{Data: request.Data}}, nil
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("gRPC on %s\n", listener.Addr())
	server := grpc.NewServer()
	RegisterCentrifugoProxyServer(server, service{})
	log.Fatal(server.Serve(listener))
}
