// Thresholds: adds a slider next to each number field. Without this script the numbers are typed.
"use strict";

for (const input of document.querySelectorAll("input[data-slider]")) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.max = "100";
  slider.step = "0.5";
  // Keyboard and screen readers use the number field: a second control for the same value would only be in the way.
  slider.tabIndex = -1;
  slider.setAttribute("aria-hidden", "true");
  const copyToSlider = () => {
    const value = Number.parseFloat(input.value.replace(",", "."));
    slider.value = String(Number.isNaN(value) ? 0 : value);
    slider.classList.toggle("off", Number.isNaN(value));
  };
  // The slider has no name, so it is not sent with the form. Its event bubbles to the form, which loads a preview.
  slider.addEventListener("input", () => {
    input.value = slider.value;
    slider.classList.remove("off");
  });
  input.addEventListener("input", copyToSlider);
  copyToSlider();
  input.parentElement.append(slider);
}
