#[derive(centrifugo::FromParam)]
struct Point(u32, u32);

fn main() {
    let _ = Point(1, 2);
}
