// A page shown inside another takes the height of its text: one scrolls once, not twice.
for (const frame of document.querySelectorAll("iframe.moderation-preview")) {
  const fit = () => {
    const shown = frame.contentDocument?.documentElement;
    if (shown) frame.style.blockSize = `${Math.min(shown.scrollHeight + 4, 12000)}px`;
  };
  frame.addEventListener("load", () => {
    fit();
    // What waits for a word, further down, has moved.
    document.querySelector("[autofocus]")?.scrollIntoView({ block: "center" });
  });
  addEventListener("resize", fit);
  if (frame.contentDocument?.readyState === "complete") fit();
}
