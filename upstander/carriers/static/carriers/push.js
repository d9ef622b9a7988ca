// Asks the browser for a push subscription when "Notify me here" is pressed, and sends it along.
"use strict";
(() => {
  const form = document.querySelector("form[data-push]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const missing = form.querySelector("[data-push-missing]");
  missing.hidden = true;
  form.querySelector("[data-push-ready]").hidden = false;

  const bytes = (text) => {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
  };

  form.addEventListener("submit", async (event) => {
    const field = form.elements.subscription;
    if (field.value) return;
    event.preventDefault();
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
      const worker = await navigator.serviceWorker.register("/push-worker.js", { scope: "/" });
      await navigator.serviceWorker.ready;
      const subscription = await worker.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(form.dataset.push),
      });
      field.value = JSON.stringify(subscription);
      form.requestSubmit();
    } catch {
      missing.textContent = missing.dataset.refused;
      missing.hidden = false;
    }
  });
})();
