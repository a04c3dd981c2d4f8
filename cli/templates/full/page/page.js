// The page of the application. `cargo centrifugo client --out page/api.js` makes its client from the backend.

/* global Centrifuge */

import { Api } from "./api.js";

// `?centrifugo=ws://..` chooses another address of Centrifugo.
const url = new URLSearchParams(location.search).get("centrifugo") ?? "ws://127.0.0.1:8000/connection/websocket";
const element = (id) => document.getElementById(id);

/** Runs a function with the values of a form when it is sent, and shows errors. */
function onSubmit(id, run) {
  element(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    element("error").textContent = "";
    try {
      await run(Object.fromEntries(new FormData(event.target)));
      event.target.reset();
    } catch (error) {
      element("error").textContent = error.message;
    }
  });
}

function showLine(line) {
  const item = document.createElement("li");
  item.textContent = `${line.by}: ${line.text}`;
  element("lines").append(item);
}

let centrifuge;
let api;
let room;

onSubmit("login", ({ name }) => {
  centrifuge?.disconnect();
  element("lines").replaceChildren();
  centrifuge = new Centrifuge(url, { data: { name } });
  centrifuge.on("connecting", ({ reason }) => (element("status").textContent = `connecting: ${reason}`));
  centrifuge.on("connected", () => {
    element("status").textContent = `connected as ${name}`;
    element("room").hidden = false;
  });
  centrifuge.on("disconnected", ({ reason }) => (element("status").textContent = `disconnected: ${reason}`));
  centrifuge.on("error", ({ error }) => (element("error").textContent = error.message));

  api = new Api(centrifuge);
  room = api.room({ name: "tea" });
  room.on("publication", ({ data }) => showLine(data));
  room.on("subscribed", async ({ wasRecovering, recovered }) => {
    // After a short break, Centrifugo sends what was missed.
    if (wasRecovering && recovered) return;
    const { publications } = await room.history({ limit: 50 });
    element("lines").replaceChildren();
    for (const { data } of publications) showLine(data);
  });
  room.on("error", ({ error }) => (element("error").textContent = error.message));
  room.subscribe();
  centrifuge.connect();
});

onSubmit("say", ({ text }) => room.publish({ text }));

onSubmit("greet", async ({ whom }) => {
  const greeting = await api.rpc.greet({ whom });
  element("greeting").textContent = greeting.text;
});
