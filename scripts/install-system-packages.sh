#!/usr/bin/env bash
# Installs what the tests need and npm cannot give: strace (kills at single system calls) and chromium
# with a font (the demo's page in a real browser); with `file-systems` instead, what makes ext4, xfs and
# btrfs (power cuts on them). Does nothing where it is there. Debian or Ubuntu, as root.
set -euo pipefail

missing=()
if [ "${1:-}" = file-systems ]; then
  command -v mkfs.ext4 >/dev/null || missing+=(e2fsprogs)
  command -v mkfs.xfs >/dev/null || missing+=(xfsprogs)
  command -v mkfs.btrfs >/dev/null || missing+=(btrfs-progs)
else
  command -v strace >/dev/null || missing+=(strace)
  command -v chromium >/dev/null || missing+=(chromium)
  [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "This needs ${missing[*]}, and this can only be installed on Debian, as root. Install it, and try again." >&2
  exit 1
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
