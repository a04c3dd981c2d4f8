// @ts-check
// Starts the console.

import { ClientTab } from './client/client_tab.js';
import { HandlersTab } from './handlers/handlers_tab.js';
import { LiveTab } from './live/live_tab.js';
import { SendTab } from './send/send_tab.js';
import { Store } from './server/store.js';
import { StartTab } from './start/start_tab.js';
import { byId } from './view/dom.js';
import { Header } from './view/header.js';
import { Tabs } from './view/tabs.js';
import { startThemeSwitch } from './view/theme.js';

const store = new Store();
const tabs = new Tabs(byId('tabs'), [
  { id: 'handlers', label: 'Handlers and channels', short: 'Handlers' },
  { id: 'send', label: 'Send', short: 'Send' },
  { id: 'live', label: 'Live', short: 'Live' },
  { id: 'client', label: 'Client', short: 'Client' },
  { id: 'start', label: 'Start and rebuild', short: 'Start' },
]);
startThemeSwitch();
new Header(store, tabs);

const sendTab = new SendTab(store);
const handlersTab = new HandlersTab(store, {
  send: (handler) => {
    tabs.open('send');
    sendTab.chooseHandler(handler);
  },
  live: (handler) => {
    tabs.open('live');
    liveTab.setFilter({ handler: handler.handler });
  },
});
const liveTab = new LiveTab(store, {
  openHandler: (path) => {
    tabs.open('handlers');
    handlersTab.openHandler(path);
  },
  edit: (send, handler) => {
    tabs.open('send');
    sendTab.load(send, handler);
  },
  isOpen: () => tabs.current === 'live',
});
new ClientTab(store);
const startTab = new StartTab(store, () => tabs.current === 'start');

tabs.onOpen('live', () => liveTab.opened());
tabs.onOpen('start', () => startTab.opened());
tabs.start();
store.start();
