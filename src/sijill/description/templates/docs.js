// Unfolds the contents where there is room, and adds a button to each block that copies its lines.
const { copy, copied } = document.body.dataset;

document.querySelector("nav details").open = matchMedia("(min-width: 700px)").matches;

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
