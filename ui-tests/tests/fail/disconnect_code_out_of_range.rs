fn main() {
    let _ = centrifugo::Error::disconnect::<3999>("no");
}
