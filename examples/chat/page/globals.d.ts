// What the script of centrifuge-js in `index.html` defines.
declare const Centrifuge: typeof import("centrifuge").Centrifuge;
