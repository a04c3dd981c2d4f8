fn main() {
    let _ = centrifugo::Error::custom::<300>("no");
}
