//! A DNS server for a single name.

use std::net::{Ipv4Addr, SocketAddr};

use simple_dns::rdata::{A, RData, TXT};
use simple_dns::{CLASS, Packet, PacketFlag, QTYPE, RCODE, ResourceRecord, TYPE};
use tokio::net::UdpSocket;

/// The name that the server resolves.
pub const NAME: &str = "backend.test";
/// The name of the TXT record with gRPC's service configuration.
const SETTINGS_NAME: &str = "_grpc_config.backend.test";
const ROUND_ROBIN: &str = r#"grpc_config=[{"serviceConfig":{"loadBalancingConfig":[{"round_robin":{}}]}}]"#;

/// Starts a server that runs until the end of the test. Returns its address.
pub async fn serve(addresses: Vec<Ipv4Addr>, round_robin: bool) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let own = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut buffer = [0; 1500];
        loop {
            let (length, from) = socket.recv_from(&mut buffer).await.expect("a question");
            if let Some(answer) = answer(&buffer[..length], &addresses, round_robin) {
                let _ = socket.send_to(&answer, from).await;
            }
        }
    });
    own
}

fn answer(question: &[u8], addresses: &[Ipv4Addr], round_robin: bool) -> Option<Vec<u8>> {
    let packet = Packet::parse(question).ok()?;
    let question = packet.questions.first()?;
    let name = question.qname.to_string();
    let mut reply = Packet::new_reply(packet.id());
    reply.set_flags(PacketFlag::AUTHORITATIVE_ANSWER);
    let mut data = Vec::new();
    match (name.as_str(), question.qtype) {
        (NAME, QTYPE::TYPE(TYPE::A)) => {
            data.extend(addresses.iter().map(|address| RData::A(A::from(*address))));
        }
        (SETTINGS_NAME, QTYPE::TYPE(TYPE::TXT)) if round_robin => {
            data.push(RData::TXT(TXT::new().with_string(ROUND_ROBIN).ok()?));
        }
        (NAME | SETTINGS_NAME, _) => {}
        _ => *reply.rcode_mut() = RCODE::NameError,
    }
    reply.answers = data
        .into_iter()
        .map(|data| ResourceRecord::new(question.qname.clone(), CLASS::IN, 1, data))
        .collect();
    reply.questions = vec![question.clone()];
    reply.build_bytes_vec().ok()
}
