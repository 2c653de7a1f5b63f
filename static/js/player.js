// Chapters move the player of this page; without JavaScript they open the file at that moment.
const player = document.getElementById("lecteur");

if (player) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    player.currentTime = Number(link.dataset.seek);
    player.play();
    player.focus();
  });
}
