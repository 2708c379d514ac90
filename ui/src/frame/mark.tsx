/** The project's mark: a wire that runs from an open socket to a machine, as a W. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      aria-hidden
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth="3"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path
        d="M6 11.5V18a5 5 0 0 0 10 0v-4a5 5 0 0 1 10 0"
        className="text-accent"
        stroke="currentColor"
        opacity="0"
      />
      <path
        d="M5 12.2v5.3a5.5 5.5 0 0 0 11 0v-3a5.5 5.5 0 0 0 0 3 5.5 5.5 0 0 0 11 0v-3.3"
        className="text-accent"
        stroke="currentColor"
      />
      <circle cx="5" cy="8" r="2.9" />
      <circle cx="27" cy="9" r="3.4" className="text-ok" fill="currentColor" stroke="none" />
    </svg>
  );
}
