// Turns the text area of a query into the editor; without it the form works all the same.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const area = document.getElementById("query");
  const Yasqe = window.Yasqe;
  if (!area || !Yasqe) return;
  const label = document.querySelector('label[for="query"]');
  const known = Object.entries(JSON.parse(area.dataset.prefixes));
  const terms = area.dataset.terms.split(" ");
  Yasqe.registerAutocompleter({
    name: "terms",
    bulk: true,
    autoShow: false,
    persistenceId: null,
    isValidCompletionPosition: (cm) => /^[\w-]+:/.test(cm.getCompleteToken().string),
    get: () => terms,
  });
  // The default completers ask another site, and a list of the configuration is merged with theirs.
  Yasqe.defaults.autocompleters = [];
  const place = document.createElement("div");
  area.after(place);
  // Nothing is fetched: prefixes are ours, and a query goes by the form.
  const editor = new Yasqe(place, {
    value: area.value,
    autocompleters: ["variables", "terms"],
    persistenceId: null,
    showQueryButton: false,
    createShareableLink: null,
    consumeShareLink: null,
    resizeable: false,
    // It is as high as the query, so that no one has to scroll within it.
    editorHeight: "auto",
    viewportMargin: Infinity,
    autofocus: false,
    extraKeys: {
      "Ctrl-Enter": () => area.form.requestSubmit(),
      "Cmd-Enter": () => area.form.requestSubmit(),
      "Ctrl-Space": Yasqe.autoComplete,
      Esc: (cm) => cm.getInputField().blur(),
    },
  });
  area.hidden = true;
  area.required = false;
  editor.getInputField().setAttribute("aria-label", label.textContent);
  label.addEventListener("click", () => editor.focus());
  area.form.addEventListener("submit", () => { area.value = editor.getValue(); });
  const declare = () => {
    const text = editor.getValue();
    const declared = editor.getPrefixesFromQuery();
    const used = known.filter(([name]) => !(name in declared) && new RegExp(`(?<![\\w-])${name}:\\w`).test(text));
    if (used.length) editor.addPrefixes(Object.fromEntries(used));
  };
  declare();
  editor.on("blur", declare);
});
