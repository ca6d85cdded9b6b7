// Suggests names in fields with the attribute data-suggest, which work without it too.
for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `suggested-${document.querySelectorAll("datalist").length}`;
  field.after(list);
  field.setAttribute("list", list.id);
  field.autocomplete = "off";
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    const text = field.value.trim();
    if (text.length > 1) timer = setTimeout(() => suggest(field, list, text), 150);
  });
}

async function suggest(field, list, text) {
  const answer = await fetch(`${field.dataset.suggest}&q=${encodeURIComponent(text)}`);
  if (!answer.ok || field.value.trim() !== text) return;
  const found = await answer.json();
  list.replaceChildren(...found.map(({ value, label }) => new Option(label, value)));
}
