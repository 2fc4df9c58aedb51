"""The colours that the drawing and the BPMN export share."""

from cases.vocabulary import Stage

INK, SOFT, PAPER = "#1f2933", "#7b8794", "#ffffff"
LANE, EXTENSION, TAKEN, HERE = "#f5f7fa", "#8a5a00", "#0b5cad", "#b3261e"
STAGE_FILL = {
    Stage.IDENTIFICATION: "#e3f0fb",
    Stage.PROCESSING: "#fdf3d8",
    Stage.NOTIFICATION: "#e2f4e4",
}
