// Shows what is pushed, and answers from the notification itself. It keeps nothing and sees no page.
"use strict";

const WORDS = {
  en: { have_it: "I have it", cannot: "I can't", noted: "Noted", failed: "It did not go through" },
  es: { have_it: "Lo tengo", cannot: "No puedo", noted: "Anotado", failed: "No se pudo enviar" },
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  const words = WORDS[told.language] || WORDS.en;
  const actions = told.ask
    ? ["have_it", "cannot"].map((action) => ({ action, title: words[action] }))
    : [];
  event.waitUntil(
    self.registration.showNotification(told.title || "Upstander", {
      body: told.body || "",
      tag: told.tag || "upstander",
      renotify: true,
      requireInteraction: Boolean(told.ask),
      actions,
      data: { url: told.url || "/", words },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  const { url, words } = event.notification.data;
  const title = event.notification.title;
  event.notification.close();
  if (!event.action) {
    event.waitUntil(self.clients.openWindow(url));
    return;
  }
  const body = new URLSearchParams({ answer: event.action, by: "push" });
  event.waitUntil(
    fetch(url, { method: "POST", body, credentials: "omit" })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return self.registration.showNotification(`${words.noted}: ${words[event.action]}`, { body: title });
      })
      .catch(() =>
        // The page has the same buttons, and shows what is wrong.
        self.registration.showNotification(words.failed, {
          body: title, requireInteraction: true, data: { url, words },
        }),
      ),
  );
});
