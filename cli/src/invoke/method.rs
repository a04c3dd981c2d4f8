//! The methods of the proxy service.

use crate::description::Event;

/// The gRPC service that programs implement for Centrifugo.
pub const SERVICE: &str = "centrifugal.centrifugo.proxy.CentrifugoProxy";

/// A method of the proxy service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// The kind of the event.
    pub kind: Event,
    /// Whether the caller sends messages, too. Only a stream can be like that.
    pub is_two_way: bool,
}

impl Method {
    /// Returns the method for an event. A stream is one-way.
    pub fn of(kind: Event) -> Self {
        Self {
            kind,
            is_two_way: false,
        }
    }

    /// Finds the method that a path such as `/centrifugal.centrifugo.proxy.CentrifugoProxy/RPC` names.
    pub fn from_path(path: &str) -> Option<Self> {
        let (service, name) = path.strip_prefix('/')?.split_once('/')?;
        let methods = Event::ALL.map(Self::of).into_iter().chain([Self {
            kind: Event::SubscribeStream,
            is_two_way: true,
        }]);
        methods
            .into_iter()
            .find(|method| service == SERVICE && method.name() == name)
    }

    /// Returns the name of the method.
    pub fn name(self) -> &'static str {
        match self.kind {
            Event::Connect => "Connect",
            Event::Refresh => "Refresh",
            Event::Subscribe => "Subscribe",
            Event::Publish => "Publish",
            Event::SubRefresh => "SubRefresh",
            Event::Rpc => "RPC",
            Event::NotifyChannelState => "NotifyChannelState",
            Event::NotifyCacheEmpty => "NotifyCacheEmpty",
            Event::MapPublish => "MapPublish",
            Event::MapRemove => "MapRemove",
            Event::SharedPollRefresh => "SharedPollRefresh",
            Event::SubscribeStream if self.is_two_way => "SubscribeBidirectional",
            Event::SubscribeStream => "SubscribeUnidirectional",
        }
    }

    /// Returns the path of the method.
    pub fn path(self) -> String {
        format!("/{SERVICE}/{}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_method_by_its_path() {
        let two_way = Method {
            kind: Event::SubscribeStream,
            is_two_way: true,
        };
        for method in Event::ALL.map(Method::of).into_iter().chain([two_way]) {
            assert_eq!(Method::from_path(&method.path()), Some(method));
        }
        for path in [
            "",
            "/",
            "/x/RPC",
            "RPC",
            "/centrifugal.centrifugo.proxy.CentrifugoProxy/Rpc",
        ] {
            assert_eq!(Method::from_path(path), None, "{path}");
        }
    }
}
