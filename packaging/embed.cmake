# SPDX-License-Identifier: MIT
# Writes files as arrays of characters: cmake -DOUT=FILE.c -DHEADER=NAME.h -DNAMES=a;b -DFILES=x;y -P embed.cmake
file(WRITE "${OUT}.new" "#include \"${HEADER}\"\n")
foreach(name file IN ZIP_LISTS NAMES FILES)
	file(READ "${file}" bytes HEX)
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
	file(APPEND "${OUT}.new" "const char ${name}[] = {${bytes}0};\n")
endforeach()
file(RENAME "${OUT}.new" "${OUT}")
