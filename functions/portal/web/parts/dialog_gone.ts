/** Resolves once no dialog is open and the last one has given the focus back. */
export async function dialogGone(): Promise<void> {
  do await frame(); while (document.querySelector("[role=dialog]"));
  await frame();
}

function frame(): Promise<number> {
  return new Promise(requestAnimationFrame);
}
