#[centrifugo::shutdown]
fn bye() -> u32 {
    1
}

fn main() {}
