// Unfolds the contents where there is room, keeps a sample open, and adds a button that copies a block.
const { copy, copied } = document.body.dataset;

document.querySelector("nav details").open = matchMedia("(min-width: 700px)").matches;

// As tabs, one sample stays open.
for (const tab of document.querySelectorAll(".samples summary"))
  tab.addEventListener("click", (event) => tab.parentNode.open && event.preventDefault());

// navigator.clipboard is missing where a page came by plain HTTP from another machine.
async function put(code) {
  if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent);
  getSelection().selectAllChildren(code);
  document.execCommand("copy");
}

for (const block of document.querySelectorAll(".block")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await put(block.querySelector("code"));
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  });
  block.append(button);
}
