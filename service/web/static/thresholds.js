// Thresholds: a slider beside each number, so that a threshold can be dragged. Without it the numbers are typed.
"use strict";

for (const input of document.querySelectorAll("input[data-drag]")) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.max = "100";
  slider.step = "0.5";
  slider.tabIndex = -1; // The number is the one to reach by keyboard; two stops for one value would be one too many.
  slider.setAttribute("aria-hidden", "true");
  const follow = () => {
    const value = Number.parseFloat(input.value.replace(",", "."));
    slider.value = String(Number.isNaN(value) ? 0 : value);
    slider.classList.toggle("off", Number.isNaN(value));
  };
  // The slider has no name, so the form does not send it; its event bubbles to the form, which asks for a preview.
  slider.addEventListener("input", () => {
    input.value = slider.value;
    slider.classList.remove("off");
  });
  input.addEventListener("input", follow);
  follow();
  input.parentElement.append(slider);
}
