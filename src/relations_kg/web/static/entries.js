// Leads from the place of a term in the index of the ontology to its entry. Without this script, the
// link at that place leads there.
function lead() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const link = place?.closest("li[id]")?.querySelector("a");
  if (link) location.replace(link.href.replace(/#.*/, location.hash));
}
addEventListener("hashchange", lead);
lead();
