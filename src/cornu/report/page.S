/* The files that report.html is made of, as they lie in page/: for each its name, the number of its
   bytes and the bytes; an empty name ends the list. */
        .macro file name, folder=""
        .asciz "\name"
        .balign 8
        .quad 2f - 1f
1:      .incbin "\folder\name"
2:      .balign 8
        .endm

        .section .rodata
        .global cornu_page_files
        .hidden cornu_page_files
        .balign 8
cornu_page_files:
        file "page.html"
        file "results.html"
        file "curves.html"
        file "confusion.html"
        file "classes.html"
        file "mistakes.html"
        file "numbers.html"
        file "calibration.html"
        file "weights.html"
        file "run.html"
        file "network.html"
        file "page.css"
        file "page.js"
        file "uPlot.iife.min.js", "uplot/"
        file "uPlot.min.css", "uplot/"
        file "LICENSE", "uplot/"
        .byte 0
        .section .note.GNU-stack,"",%progbits
