// A closed frame: it writes the one document that it is given, under the policy that comes with it.
addEventListener("message", ({ data: { policy, html } }) => {
  const [httpEquiv, content] = ["Content-Security-Policy", policy];
  document.head.append(Object.assign(document.createElement("meta"), { httpEquiv, content }));
  document.open();
  document.write(html);
  document.close();
}, { once: true });
