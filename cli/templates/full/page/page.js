// The page of the application. `cargo centrifugo client --out page/api.js` makes a client with the types of the backend.

/* global Centrifuge */

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
let subscription;

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

  subscription = centrifuge.newSubscription("room:tea");
  subscription.on("publication", ({ data }) => showLine(data));
  subscription.on("subscribed", async ({ wasRecovering, recovered }) => {
    // After a short break, Centrifugo sends what was missed.
    if (wasRecovering && recovered) return;
    const { publications } = await subscription.history({ limit: 50 });
    element("lines").replaceChildren();
    for (const { data } of publications) showLine(data);
  });
  subscription.on("error", ({ error }) => (element("error").textContent = error.message));
  subscription.subscribe();
  centrifuge.connect();
});

onSubmit("say", ({ text }) => subscription.publish({ text }));

onSubmit("greet", async ({ whom }) => {
  const { data } = await centrifuge.rpc("greet", { whom });
  element("greeting").textContent = data.text;
});
