//! A worker with a hundred handlers.

use centrifugo::{Data, Json, ServeError};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

macro_rules! handlers {
    ($($name:ident $method:literal)*) => {$(
        #[centrifugo::rpc($method)]
        fn $name(id: u64, Json(text): Json<String>) -> Json<(u64, String)> {
            Json((id, text))
        }
    )*};
}

#[rustfmt::skip]
handlers! {
    h0 "m0/{id}" h1 "m1/{id}" h2 "m2/{id}"
    h3 "m3/{id}" h4 "m4/{id}" h5 "m5/{id}"
    h6 "m6/{id}" h7 "m7/{id}" h8 "m8/{id}"
    h9 "m9/{id}" h10 "m10/{id}" h11 "m11/{id}"
    h12 "m12/{id}" h13 "m13/{id}" h14 "m14/{id}"
    h15 "m15/{id}" h16 "m16/{id}" h17 "m17/{id}"
    h18 "m18/{id}" h19 "m19/{id}" h20 "m20/{id}"
    h21 "m21/{id}" h22 "m22/{id}" h23 "m23/{id}"
    h24 "m24/{id}" h25 "m25/{id}" h26 "m26/{id}"
    h27 "m27/{id}" h28 "m28/{id}" h29 "m29/{id}"
    h30 "m30/{id}" h31 "m31/{id}" h32 "m32/{id}"
    h33 "m33/{id}" h34 "m34/{id}" h35 "m35/{id}"
    h36 "m36/{id}" h37 "m37/{id}" h38 "m38/{id}"
    h39 "m39/{id}" h40 "m40/{id}" h41 "m41/{id}"
    h42 "m42/{id}" h43 "m43/{id}" h44 "m44/{id}"
    h45 "m45/{id}" h46 "m46/{id}" h47 "m47/{id}"
    h48 "m48/{id}" h49 "m49/{id}" h50 "m50/{id}"
    h51 "m51/{id}" h52 "m52/{id}" h53 "m53/{id}"
    h54 "m54/{id}" h55 "m55/{id}" h56 "m56/{id}"
    h57 "m57/{id}" h58 "m58/{id}" h59 "m59/{id}"
    h60 "m60/{id}" h61 "m61/{id}" h62 "m62/{id}"
    h63 "m63/{id}" h64 "m64/{id}" h65 "m65/{id}"
    h66 "m66/{id}" h67 "m67/{id}" h68 "m68/{id}"
    h69 "m69/{id}" h70 "m70/{id}" h71 "m71/{id}"
    h72 "m72/{id}" h73 "m73/{id}" h74 "m74/{id}"
    h75 "m75/{id}" h76 "m76/{id}" h77 "m77/{id}"
    h78 "m78/{id}" h79 "m79/{id}" h80 "m80/{id}"
    h81 "m81/{id}" h82 "m82/{id}" h83 "m83/{id}"
    h84 "m84/{id}" h85 "m85/{id}" h86 "m86/{id}"
    h87 "m87/{id}" h88 "m88/{id}" h89 "m89/{id}"
    h90 "m90/{id}" h91 "m91/{id}" h92 "m92/{id}"
    h93 "m93/{id}" h94 "m94/{id}" h95 "m95/{id}"
    h96 "m96/{id}" h97 "m97/{id}" h98 "m98/{id}"
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}
