/* The gzipped images of `digits`, as they lie beside this file. */
        .section .rodata
        .global cornu_digits_begin
        .hidden cornu_digits_begin
        .global cornu_digits_end
        .hidden cornu_digits_end
        .balign 16
cornu_digits_begin:
        .incbin "digits-images-idx3-ubyte.gz"
cornu_digits_end:
        .byte 0
        .section .note.GNU-stack,"",%progbits
