"""Addresses under /studio."""

from django.urls import path

from jewelrymodel.web.customer.studio import orders, photos, tasks

urlpatterns = [
    path("", photos.studio, name="studio"),
    path("/photos/<str:photo_id>", photos.photo, name="photo"),
    path("/photos/<str:photo_id>/progress", photos.progress, name="photo_progress"),
    path("/photos/<str:photo_id>/approve", photos.approve, name="photo_approve"),
    path("/photos/<str:photo_id>/again", photos.cut_again, name="photo_cut_again"),
    path("/photos/<str:photo_id>/picture/<str:which>", photos.picture, name="photo_picture"),
    path("/photos/<str:photo_id>/order", orders.order, name="photo_order"),
    path("/photos/<str:photo_id>/preview/<str:look_id>", orders.preview, name="photo_preview"),
    path(
        "/photos/<str:photo_id>/preview/<str:look_id>/picture",
        orders.preview_picture,
        name="photo_preview_picture",
    ),
    path("/tasks/<str:task_id>", tasks.task, name="task"),
    path("/tasks/<str:task_id>/progress", tasks.progress, name="task_progress"),
    path("/tasks/<str:task_id>/cancel", tasks.cancel, name="task_cancel"),
]
