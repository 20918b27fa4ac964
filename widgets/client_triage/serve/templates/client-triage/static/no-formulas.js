// Stands for MathJax, which Voilà loads at each start: no view shows a formula.
const nothing = () => {};
window.MathJax = {
  Hub: { Config: nothing, Configured: nothing, Queue: nothing, Register: { StartupHook: nothing } },
};
