/** The project's mark: a wire from an open socket to a machine, laid as a W. The same drawing as `icons/mark.svg`. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className} fill="none" strokeLinecap="round">
      <path
        d="M6 12v5.5a5 5 0 0 0 10 0V15m0 2.5a5 5 0 0 0 10 0V12"
        className="stroke-accent"
        strokeWidth="3"
      />
      <circle cx="6" cy="8" r="2.75" className="stroke-text" strokeWidth="2.25" />
      <circle cx="26" cy="8" r="3.5" className="fill-ok" />
    </svg>
  );
}
