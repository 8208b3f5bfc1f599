# SPDX-License-Identifier: MIT
# Clean systems to build and check packages in: sourced as root, not run.
#
#	. packaging/chroot.sh
#	chroot_open ROOT [VARIANT]     a fresh Debian in the folder ROOT: buildd (with compilers) or minbase
#	chroot_run ROOT COMMAND...     a command in it, as root, with the network
#	chroot_close ROOT              unmounts and removes it; also one that was only half opened
#
# The system that debootstrap makes is kept as $XDG_CACHE_HOME/retort/SUITE-VARIANT-ARCH.tar, so that only the first
# one is slow; what was downloaded is kept beside it. SUITE is bookworm unless it is set. MIRROR is, unless it is set,
# the archive that apt of this machine uses for the suite.
# shellcheck shell=sh

chroot_suite=${SUITE:-bookworm}
chroot_cache=${XDG_CACHE_HOME:-$HOME/.cache}/retort

chroot_mirror() {
	if [ -n "${MIRROR:-}" ]; then
		echo "$MIRROR"
		return
	fi
	# shellcheck disable=SC2016
	found=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
		awk -v suite="$chroot_suite" '$2 == suite && $3 == "main" && $4 == "Debian" { print $1; exit }')
	echo "${found:-http://deb.debian.org/debian}"
}

# chroot_base VARIANT: makes the kept system where it is missing, and prints its path.
chroot_base() {
	base=$chroot_cache/$chroot_suite-$1-$(dpkg --print-architecture).tar
	if [ ! -e "$base" ]; then
		mkdir -p "$chroot_cache"
		making=$(mktemp -d)
		if ! debootstrap --variant="$1" "$chroot_suite" "$making/root" "$(chroot_mirror)" >"$making/log" 2>&1; then
			tail -n 20 "$making/log" >&2
			rm -rf "$making"
			return 1
		fi
		rm -f "$making"/root/var/cache/apt/archives/*.deb
		# nothing in it shall start a server
		printf '#!/bin/sh\nexit 101\n' >"$making/root/usr/sbin/policy-rc.d"
		chmod 755 "$making/root/usr/sbin/policy-rc.d"
		# what all these systems download is kept outside of them
		printf 'Binary::apt::APT::Keep-Downloaded-Packages "true";\n' >"$making/root/etc/apt/apt.conf.d/90keep"
		printf 'APT::Keep-Downloaded-Packages "true";\n' >>"$making/root/etc/apt/apt.conf.d/90keep"
		rm -f "$making/root/etc/apt/apt.conf.d/docker-clean"
		tar -C "$making/root" --numeric-owner -cf "$base.new" . && mv "$base.new" "$base"
		rm -rf "$making"
	fi
	echo "$base"
}

chroot_open() {
	unpack=$(chroot_base "${2:-buildd}") || return 1
	mkdir -p "$1" "$chroot_cache/archives/partial"
	tar -C "$1" --numeric-owner -xf "$unpack" || return 1
	cp /etc/resolv.conf "$1/etc/resolv.conf"
	printf '127.0.0.1 localhost %s\n' "$(hostname)" >"$1/etc/hosts"
	mount -t proc proc "$1/proc" &&
		mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$1/dev/pts" &&
		ln -sf pts/ptmx "$1/dev/ptmx" &&
		mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm" &&
		mount --bind "$chroot_cache/archives" "$1/var/cache/apt/archives" || return 1
	chroot_run "$1" apt-get -qq update
}

chroot_run() {
	within=$1
	shift
	chroot "$within" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

chroot_close() {
	for place in var/cache/apt/archives dev/shm dev/pts proc; do
		while mountpoint -q "$1/$place"; do
			umount "$1/$place" 2>/dev/null || umount -l "$1/$place" || return 1
		done
	done
	rm -rf --one-file-system "$1"
}
