# shellcheck shell=bash
# What the scripts share. Read by them, not run: `source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"`.

set -euo pipefail

# The top of the project, and from here on the folder in which everything runs.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}

# A line for the reader, told apart from what the tools print.
say() {
	printf '==> %s\n' "$*"
}

# Says why it cannot go on, and ends.
die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Runs a command as root: directly, or by a sudo that asks nothing (somebody may not be there to answer).
as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo -n "$@"
	fi
}

# Ends unless as_root will work.
need_root() {
	((EUID == 0)) || sudo -n true 2>/dev/null ||
		die "$1 needs root: run it as root, or with a sudo that asks for no password (\`sudo -v\` before it will do)"
}

# Whether a Debian package is installed.
installed() {
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Installs those of the named Debian packages that are not there, saying which.
need_packages() {
	local package missing=()
	command -v dpkg-query >/dev/null || {
		say "This is not Debian or Ubuntu. Needed, under whatever name they have here: $*"
		return 0
	}
	for package in "$@"; do
		installed "$package" || missing+=("$package")
	done
	((${#missing[@]})) || return 0
	need_root "installing ${missing[*]}"
	say "Installing: ${missing[*]}"
	case " ${missing[*]} " in *" openssh-server "*) keep_sshd_off ;; esac
	apt_get update
	apt_get install --yes --no-install-recommends "${missing[@]}"
}

# The tests need sshd as a program; nobody asked for this machine to be open to logins.
keep_sshd_off() {
	local unit
	say "openssh-server is installed for its program alone: its service stays masked (systemctl unmask ssh ssh.socket)"
	as_root mkdir -p /etc/systemd/system
	for unit in ssh.service ssh.socket; do
		as_root ln -sfn /dev/null "/etc/systemd/system/$unit"
	done
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# Whether a window can be shown to somebody.
has_display() {
	[[ ${DISPLAY-} || ${WAYLAND_DISPLAY-} ]]
}

# Ends unless there is a Rust that can build this.
need_rust() {
	local wanted
	wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
	command -v cargo >/dev/null || die "cargo is missing: install Rust $wanted or newer, e.g. with rustup"
	local have
	have=$(rustc --version | cut -d ' ' -f 2)
	[[ $(printf '%s\n' "$wanted" "${have%%-*}" | sort -V | head -n 1) == "$wanted" ]] ||
		die "Rust $wanted or newer is needed and $have is here (rustup update)"
}

# Ends unless there is a Node that can build the window's pages.
need_node() {
	local wanted have
	wanted=$(sed -n 's/.*"node": ">=\(.*\)".*/\1/p' ui/package.json)
	command -v npm >/dev/null || die "node and npm are missing: install Node $wanted or newer"
	have=$(node --version)
	[[ $(printf '%s\n' "$wanted" "${have#v}" | sort -V | head -n 1) == "$wanted" ]] ||
		die "Node $wanted or newer is needed and $have is here"
}

# Builds what the window shows, in ui/dist; the packages of the lock file are fetched where they are not there yet.
build_pages() {
	if [[ ! ui/node_modules/.package-lock.json -nt ui/package-lock.json ]]; then
		npm --prefix ui ci --no-audit --no-fund || return
	fi
	npm --prefix ui run build
}

# Where cargo builds. On a machine of the continuous integration outside the clone, so that the next clone is quick.
use_target_dir() {
	if [[ ${CI-} == true && -z ${CARGO_TARGET_DIR-} ]]; then
		export CARGO_TARGET_DIR=${XDG_CACHE_HOME:-$HOME/.cache}/wirewarp/target CARGO_INCREMENTAL=0
	fi
	TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
	[[ $TARGET_DIR == /* ]] || TARGET_DIR=$ROOT/$TARGET_DIR
}

# A window that has its pages in it, instead of asking Vite for them. Named wherever the whole workspace is built, so that
# what is built of the libraries stays the same.
# shellcheck disable=SC2034
WINDOW_FEATURES=(--features wirewarp-desktop/custom-protocol)

# Packages of Debian, by what they are for; read by the scripts that source this.
# shellcheck disable=SC2034
{
	# To compile: a linker, and a C and C++ compiler for SQLite, ring and libFuzzer.
	BUILD_PACKAGES=(build-essential git)
	# To compile the window as well.
	WINDOW_PACKAGES=(pkg-config libwebkit2gtk-4.1-dev libayatana-appindicator3-dev librsvg2-dev libxdo-dev libssl-dev)
	# To drive the window without a screen, and its pages in a browser: Chromium, or what $CHROMIUM names (Ubuntu has no
	# such package).
	WINDOW_TEST_PACKAGES=(xvfb xauth webkit2gtk-driver xdotool dbus-daemon fonts-dejavu-core)
	[[ ${CHROMIUM-} ]] || WINDOW_TEST_PACKAGES+=(chromium)
	# To boot hosts and send traffic through them, to sit at a terminal, and to have a keychain that answers.
	LAB_PACKAGES=(systemd-container mmdebstrap wireguard-go wireguard-tools nftables iproute2 iperf3 openssh-client
		openssh-server conntrack iputils-ping dpkg-dev procps sudo jq bsdutils python3 python3-aiosmtpd dbus gnome-keyring libsecret-1-0)
	# To check the scripts in several shells, to have a keychain that answers, and a mail server that takes mail.
	CHECK_PACKAGES=(busybox shellcheck jq dbus gnome-keyring libsecret-1-0 python3 python3-aiosmtpd)
}
