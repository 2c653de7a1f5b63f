// A page shown inside another takes the height of its text: one scrolls once, not twice.
for (const frame of document.querySelectorAll("iframe.moderation-preview")) {
  const fit = () => {
    const shown = frame.contentDocument?.documentElement;
    if (shown) frame.style.blockSize = `${Math.min(shown.scrollHeight + 4, 12000)}px`;
  };
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  if (frame.contentDocument?.readyState === "complete") fit();
}
